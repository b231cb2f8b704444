// SPDX-License-Identifier: Apache-2.0
#include "git/config_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "base/file.h"
#include "base/text.h"
#include "git/paths.h"

namespace keytidy::git {
namespace {

constexpr std::size_t kLargestFile = std::size_t{16} << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsAlpha(char c) { return IsLower(c) || IsUpper(c); }
bool IsKeyChar(char c) { return IsAlnum(c) || c == '-'; }

// git's own way through the text: CRLF is LF, and the end is a last LF.
class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {
    if (rest_.starts_with(kByteOrderMark)) {
      rest_.remove_prefix(kByteOrderMark.size());
    }
  }

  Status Run(std::vector<ConfigEntry>* out) {
    std::string section;
    for (bool comment = false;;) {
      const char c = Next();
      if (c == '\n') {
        if (ended_) return {};
        comment = false;
      } else if (comment || IsSpace(c)) {
        continue;
      } else if (c == '#' || c == ';') {
        comment = true;
      } else if (c == '[') {
        if (auto ok = Section(&section); !ok) return ok;
      } else if (IsAlpha(c)) {
        ConfigEntry entry;
        if (auto ok = Variable(section, c, &entry); !ok) return ok;
        out->push_back(std::move(entry));
      } else {
        return Wrong("not a section and not a variable");
      }
    }
  }

 private:
  char Next() {
    if (last_ == '\n') ++line_;
    last_ = '\n';
    if (rest_.empty()) {
      ended_ = true;
      return last_;
    }
    last_ = rest_[0];
    if (rest_.starts_with("\r\n")) {
      last_ = '\n';
      rest_.remove_prefix(1);
    }
    rest_.remove_prefix(1);
    return last_;
  }

  tl::unexpected<Error> Wrong(std::string_view why) const {
    return Fail(ErrorCode::kDamaged, "line {}: {}", line_, why);
  }

  // After "[": name], or name "subsection"].
  Status Section(std::string* section) {
    section->clear();
    for (;;) {
      char c = Next();
      if (c == ']' && !section->empty()) {
        *section += '.';
        return {};
      }
      if (IsSpace(c)) {
        while (c != '\n' && IsSpace(c)) c = Next();
        if (c != '"' || section->empty()) break;
        return Subsection(section);
      }
      if (!IsKeyChar(c) && c != '.') break;
      *section += ToLower(c);
    }
    return Wrong("the section's name is malformed");
  }

  Status Subsection(std::string* section) {
    *section += '.';
    for (;;) {
      char c = Next();
      if (c == '"') break;
      if (c == '\\') c = Next();
      if (c == '\n') return Wrong("the section's name is not closed");
      *section += c;
    }
    if (Next() != ']') return Wrong("the section's name is not closed");
    *section += '.';
    return {};
  }

  Status Variable(const std::string& section, char first, ConfigEntry* entry) {
    entry->key = section + ToLower(first);
    char c = Next();
    for (; IsKeyChar(c); c = Next()) entry->key += ToLower(c);
    while (c == ' ' || c == '\t') c = Next();
    if (c != '\n') {
      if (c != '=') return Wrong("a variable's name is malformed");
      entry->value.emplace();
      if (auto ok = Value(&*entry->value); !ok) return ok;
    }
    entry->line = line_;
    return {};
  }

  Status Value(std::string* value) {
    bool quoted = false;
    bool comment = false;
    std::string space;
    for (;;) {
      char c = Next();
      if (c == '\n') {
        if (quoted) return Wrong("a quote is not closed");
        // git takes values as strings of C.
        value->resize(std::min(value->find('\0'), value->size()));
        return {};
      }
      if (comment) continue;
      if (IsSpace(c) && !quoted) {
        if (!value->empty()) space += c;
        continue;
      }
      if (!quoted && (c == ';' || c == '#')) {
        comment = true;
        continue;
      }
      *value += space;
      space.clear();
      if (c == '"') {
        quoted = !quoted;
        continue;
      }
      if (c == '\\') {
        c = Next();
        if (c == '\n') continue;
        if (c == 't') {
          c = '\t';
        } else if (c == 'b') {
          c = '\b';
        } else if (c == 'n') {
          c = '\n';
        } else if (c != '\\' && c != '"') {
          return Wrong("an escape that is not known");
        }
      }
      *value += c;
    }
  }

  std::string_view rest_;
  std::size_t line_ = 1;
  char last_ = 0;
  bool ended_ = false;
};

// One '…' of a shell word at the front of `text`, as git quotes it: an inner '
// or ! stands outside the quotes behind a backslash.
std::optional<std::string> Unquote(std::string_view* text) {
  if (!text->starts_with('\'')) return std::nullopt;
  std::string out;
  for (std::size_t i = 1; i < text->size(); ++i) {
    if ((*text)[i] != '\'') {
      out += (*text)[i];
      continue;
    }
    const std::string_view after = text->substr(i + 1);
    if (after.starts_with("\\''") || after.starts_with("\\!'")) {
      out += after[1];
      i += 3;
      continue;
    }
    *text = after;
    return out;
  }
  return std::nullopt;
}

Status ReadParameters(std::string_view text, std::vector<ConfigEntry>* out) {
  for (;;) {
    while (!text.empty() && IsSpace(text[0])) text.remove_prefix(1);
    if (text.empty()) return {};
    const auto at_end = [&] { return text.empty() || IsSpace(text[0]); };
    ConfigEntry entry;
    auto key = Unquote(&text);
    bool fine = key.has_value();
    if (fine && at_end()) {
      const std::size_t equals = key->find('=');
      if (equals != std::string::npos) {
        entry.value = key->substr(equals + 1);
        key->resize(equals);
      }
    } else if (fine) {
      fine = text[0] == '=';
      text.remove_prefix(1);
      if (fine && !at_end()) {
        entry.value = Unquote(&text);
        fine = entry.value && at_end();
      }
    }
    if (!fine) {
      return Fail(ErrorCode::kInvalid, "GIT_CONFIG_PARAMETERS: malformed");
    }
    entry.key = CanonicalKey(*key);
    out->push_back(std::move(entry));
  }
}

}  // namespace

Result<ConfigFile> ConfigFile::Parse(std::string_view text) {
  ConfigFile out;
  if (auto ok = Parser(text).Run(&out.entries_); !ok) return Fail(ok.error());
  return out;
}

Result<ConfigFile> ConfigFile::Read(const std::string& path) {
  auto text = ReadSmallFile(path, kLargestFile);
  if (!text) return Fail(text.error());
  auto out = Parse(*text);
  if (!out) {
    // "line 3: why" becomes "path:3: why".
    return Fail(out.error().code, "{}:{}", path,
                out.error().message.substr(std::string_view("line ").size()));
  }
  return out;
}

const ConfigEntry* ConfigFile::Last(std::string_view key) const {
  for (auto it = entries_.rbegin(); it != entries_.rend(); ++it) {
    if (it->key == key) return &*it;
  }
  return nullptr;
}

std::string CanonicalKey(std::string_view key) {
  std::string out(key);
  const std::size_t first = std::min(out.find('.'), out.size());
  const std::size_t last = out.rfind('.');
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i < first || last == std::string::npos || i > last) {
      out[i] = ToLower(out[i]);
    }
  }
  return out;
}

std::optional<std::int64_t> ConfigInt(const std::optional<std::string>& value) {
  if (!value) return std::nullopt;
  char* end = nullptr;
  errno = 0;
  std::int64_t out = std::strtoll(value->c_str(), &end, 0);
  if (errno != 0 || end == value->c_str()) return std::nullopt;
  const std::string unit = Lowercase(end);
  std::int64_t factor = 1;
  if (unit == "k") {
    factor = std::int64_t{1} << 10;
  } else if (unit == "m") {
    factor = std::int64_t{1} << 20;
  } else if (unit == "g") {
    factor = std::int64_t{1} << 30;
  } else if (!unit.empty()) {
    return std::nullopt;
  }
  if (__builtin_mul_overflow(out, factor, &out)) return std::nullopt;
  return out;
}

std::optional<bool> ConfigBool(const std::optional<std::string>& value) {
  if (!value) return true;
  const std::string text = Lowercase(*value);
  if (text == "true" || text == "yes" || text == "on") return true;
  if (text.empty() || text == "false" || text == "no" || text == "off") {
    return false;
  }
  const auto number = ConfigInt(text);
  if (!number) return std::nullopt;
  return *number != 0;
}

Result<std::vector<ConfigEntry>> CommandScopeConfig() {
  std::vector<ConfigEntry> out;
  if (const auto count_text = Variable("GIT_CONFIG_COUNT")) {
    const auto count = ConfigInt(count_text);
    if (!count || *count < 0 || *count > 100000) {
      return Fail(ErrorCode::kInvalid, "GIT_CONFIG_COUNT: not a count");
    }
    for (std::int64_t i = 0; i < *count; ++i) {
      const auto key = Variable(fmt::format("GIT_CONFIG_KEY_{}", i).c_str());
      const std::string value_name = fmt::format("GIT_CONFIG_VALUE_{}", i);
      const char* value = std::getenv(value_name.c_str());
      if (!key || value == nullptr) {
        return Fail(ErrorCode::kInvalid,
                    "GIT_CONFIG_COUNT: key or value {} is not set", i);
      }
      out.push_back({CanonicalKey(*key), value, 0});
    }
  }
  if (const auto text = Variable("GIT_CONFIG_PARAMETERS")) {
    if (auto ok = ReadParameters(*text, &out); !ok) return Fail(ok.error());
  }
  return out;
}

}  // namespace keytidy::git
