// SPDX-License-Identifier: Apache-2.0
//
// What a command line calls a package: "@scope/pkg@1.2.3", "pkg==1.2",
// "git+https://host/o/r@main", and what a container's image is called.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace keytidy::clients {

// Whose way of writing it is.
enum class PackageStyle : std::uint8_t {
  kNpm,     // "owner/repository" and addresses too
  kPython,  // "pkg==1.2", "pkg@1.2", addresses
  kPlain,   // "name@version", as go and deno have it
};

struct PackageSpec {
  // Without the version, and without what an address holds for a secret: a
  // password, and the user but for ssh. "" where it is a local file.
  std::string package;
  std::string version;  // as written; "" where none is
  bool pinned = true;   // an exact version or a commit; a local file too
};

PackageSpec ReadPackageSpec(std::string_view written, PackageStyle style);

// "host:5000/a/b:tag@sha256:…"; pinned by its digest alone.
PackageSpec ReadImageSpec(std::string_view written);

}  // namespace keytidy::clients
