// SPDX-License-Identifier: Apache-2.0
//
// clientc OUT AUDIT FILE...: checks the files of patterns/clients and writes
// them, and the file AUDIT, as static data. Run by the build.
#include <cstdio>
#include <set>
#include <string>
#include <vector>

#include "base/file.h"
#include "clients/client_book.h"
#include "clients/client_file.h"

namespace {

constexpr std::size_t kMostBytes = 1 << 20;

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\\n\"\n\"";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte >= 0x7f) {
      out += fmt::format("\\{:03o}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace

int main(int argc, char** argv) {
  std::string paths;
  std::string list;
  int wrong = 0;
  if (argc < 4) return 1;
  const auto audit = keytidy::ReadSmallFile(argv[2], kMostBytes);
  if (!audit) {
    std::fprintf(stderr, "%s\n", audit.error().message.c_str());
    return 1;
  }
  for (int i = 3; i < argc; ++i) {
    auto text = keytidy::ReadSmallFile(argv[i], kMostBytes);
    if (!text) {
      std::fprintf(stderr, "%s\n", text.error().message.c_str());
      return 1;
    }
    const auto client = keytidy::clients::ReadClient(argv[i], *text);
    if (!client) {
      std::fprintf(stderr, "%s\n", client.error().message.c_str());
      ++wrong;
      continue;
    }
    std::set<std::string> all;
    for (const auto& file : client->files) {
      for (const auto& of_platform : file.paths) {
        all.insert(of_platform.begin(), of_platform.end());
      }
    }
    paths += fmt::format("constexpr std::string_view kPaths{}[] = {{\n", i);
    for (const std::string& path : all) paths += Quoted(path) + ",\n";
    paths += "};\n";
    list += fmt::format("{{{},\n{},\nkPaths{}}},\n", Quoted(client->id),
                        Quoted(*text), i);
  }
  if (wrong > 0) return 1;
  const std::string out = fmt::format(
      "// Made by clientc.\n#include \"clients/client_book.h\"\n"
      "namespace keytidy::clients {{\nnamespace {{\n{}"
      "constexpr EmbeddedClient kClients[] = {{\n{}}};\n}}  // namespace\n"
      "std::span<const EmbeddedClient> EmbeddedClients() {{ return kClients; "
      "}}\nstd::string_view EmbeddedAuditFacts() {{\n  return {};\n}}\n"
      "}}  // namespace keytidy::clients\n",
      paths, list, Quoted(*audit));
  if (std::FILE* file = std::fopen(argv[1], "wb")) {
    const bool good =
        std::fwrite(out.data(), 1, out.size(), file) == out.size();
    if (std::fclose(file) == 0 && good) return 0;
  }
  std::perror(argv[1]);
  return 1;
}
