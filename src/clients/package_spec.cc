// SPDX-License-Identifier: Apache-2.0
#include "clients/package_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "base/text.h"

namespace keytidy::clients {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

bool IsCommit(std::string_view text) {
  return text.size() == 40 && std::all_of(text.begin(), text.end(), IsHexDigit);
}

// "1.2.3", "v1.2.3-rc.1": less is a range for npm.
bool IsExact(std::string_view version) {
  if (version.starts_with('v') || version.starts_with('=')) {
    version.remove_prefix(1);
  }
  std::size_t dots = 0;
  bool digit = false;
  for (const char c : version) {
    if (IsDigit(c)) {
      digit = true;
    } else if (c == '.' && digit) {
      ++dots;
      digit = false;
    } else {
      return dots >= 2 && digit && (c == '-' || c == '+' || IsLower(c));
    }
  }
  return dots >= 2 && digit;
}

// "1.2", "1!2.0rc1", "2.0.post1": of any number of parts.
bool IsExactForPython(std::string_view version) {
  if (version.starts_with('v')) version.remove_prefix(1);
  if (version.empty() || !IsDigit(version.front())) return false;
  return std::all_of(version.begin(), version.end(), [](char c) {
    return IsAlnum(c) || std::string_view(".!+-_").find(c) != kNowhere;
  });
}

bool IsLocal(std::string_view spec) {
  for (const std::string_view begin : {".", "/", "~", "file:"}) {
    if (spec.starts_with(begin)) return true;
  }
  for (const std::string_view end : {".js", ".ts", ".py", ".tgz", ".whl"}) {
    if (spec.ends_with(end)) return true;
  }
  return spec.empty();
}

// An address in parts; the user is not kept where it may be a secret.
struct Source {
  std::string begin;  // "git+ssh://git@host", "github:"
  std::string_view path;
};

Source SourceOf(std::string_view address) {
  const std::size_t mark = address.find("://");
  if (mark == kNowhere) return {{}, address};
  const std::string_view scheme = address.substr(0, mark + 3);
  const std::string_view rest = address.substr(mark + 3);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view authority = rest.substr(0, slash);
  const std::size_t at = authority.rfind('@');
  const std::string_view host = authority.substr(at == kNowhere ? 0 : at + 1);
  std::string_view user;
  if (at != kNowhere && scheme.find("ssh:") != kNowhere) {
    const std::string_view whole = authority.substr(0, at);
    user = whole.substr(0, whole.find(':'));
  }
  return {fmt::format("{}{}{}{}", scheme, user, user.empty() ? "" : "@", host),
          rest.substr(slash)};
}

// "name @ address" is the address.
std::string_view AddressIn(std::string_view spec, PackageStyle style) {
  if (style == PackageStyle::kPython) {
    const std::size_t at = spec.find("@ ");
    if (at != kNowhere) spec = spec.substr(at + 2);
    while (spec.starts_with(' ')) spec.remove_prefix(1);
  }
  if (spec.find("://") != kNowhere) return spec;
  if (style != PackageStyle::kNpm) return {};
  for (const std::string_view begin :
       {"github:", "gitlab:", "bitbucket:", "gist:", "git@"}) {
    if (spec.starts_with(begin)) return spec;
  }
  // "owner/repository" is one of GitHub.
  const bool github = !spec.starts_with('@') && spec.find('/') != kNowhere;
  return github ? spec : std::string_view();
}

PackageSpec ReadAddress(std::string_view address, PackageStyle style) {
  const std::size_t hash = std::min(address.find('#'), address.size());
  const Source source = SourceOf(address.substr(0, hash));
  std::string_view path = source.path;
  std::string_view version;
  if (style == PackageStyle::kPython) {
    // What stands behind a `#` is the folder, or a name.
    if (const std::size_t at = path.rfind('@'); at != kNowhere) {
      version = path.substr(at + 1);
      path = path.substr(0, at);
    }
  } else if (hash < address.size()) {
    version = address.substr(hash + 1);
  }
  return {source.begin + std::string(path), std::string(version),
          IsCommit(version)};
}

PackageSpec ReadPython(std::string_view spec) {
  const std::size_t end =
      std::min(spec.find_first_of("=<>~!@", 1), spec.size());
  std::string_view version = spec.substr(end);
  std::string_view package = spec.substr(0, end);
  while (package.ends_with(' ')) package.remove_suffix(1);
  const bool exact = version.starts_with("==") || version.starts_with('@');
  if (exact) {
    version.remove_prefix(
        std::min(version.find_first_not_of("=@ "), version.size()));
  }
  return {std::string(package), std::string(version),
          exact && IsExactForPython(version)};
}

}  // namespace

PackageSpec ReadPackageSpec(std::string_view written, PackageStyle style) {
  if (written.find("://") == kNowhere && IsLocal(written)) return {};
  if (const std::string_view address = AddressIn(written, style);
      !address.empty()) {
    return ReadAddress(address, style);
  }
  if (style == PackageStyle::kPython) return ReadPython(written);
  const std::size_t at = std::min(written.find('@', 1), written.size());
  const std::string_view version =
      written.substr(std::min(at + 1, written.size()));
  return {
      std::string(written.substr(0, at)), std::string(version),
      IsExact(version) || (style == PackageStyle::kPlain && IsCommit(version))};
}

PackageSpec ReadImageSpec(std::string_view written) {
  const std::size_t digest = written.find("@sha256:");
  const std::string_view named = written.substr(0, digest);
  const std::size_t slash = named.rfind('/');
  const std::size_t colon = named.find(':', slash == kNowhere ? 0 : slash);
  PackageSpec out;
  out.package = named.substr(0, colon);
  if (digest != kNowhere) {
    out.version = written.substr(digest + 1);
  } else if (colon != kNowhere) {
    out.version = named.substr(colon + 1);
  }
  out.pinned = written.empty() || digest != kNowhere;
  return out;
}

}  // namespace keytidy::clients
