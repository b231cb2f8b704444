// SPDX-License-Identifier: Apache-2.0
#include "clients/reference.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "clients/brackets.h"

namespace keytidy::clients {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

constexpr std::pair<Form, std::string_view> kForms[] = {
    {Form::kBraces, "${X}"},
    {Form::kBracesDefault, "${X:-d}"},
    {Form::kDollar, "$X"},
    {Form::kPercent, "%X%"},
    {Form::kEnvColon, "${env:X}"},
    {Form::kInput, "${input:X}"},
    {Form::kBraceEnv, "{env:X}"},
    {Form::kBraceFile, "{file:X}"},
    {Form::kSecrets, "${{ secrets.X }}"},
    {Form::kDoubleBraces, "{{X}}"},
    {Form::kCommand, "$(X)"},
    {Form::kUserConfig, "${user_config.X}"},
    {Form::kStore, "op://X"},
};

constexpr std::string_view kStores[] = {
    "op://",    "vault:",    "ref+",           "awssm:",  "sops:", "infisical:",
    "doppler:", "keychain:", "mcpm:keychain:", "secret:", "se://",
};
constexpr std::string_view kEncrypted[] = {
    "__encrypted__:",
    "ENC[AES256_GCM,",
    "$ANSIBLE_VAULT;",
    "age-encryption.org/",
    "-----BEGIN PGP MESSAGE-----",
};
constexpr std::string_view kPredefined[] = {
    "workspaceFolder",
    "workspaceFolderBasename",
    "workspaceRoot",
    "userHome",
    "pathSeparator",
    "__dirname",
    "HOME",
    "PWD",
    "CLAUDE_PLUGIN_ROOT",
};

bool IsWord(char c) { return IsAlnum(c) || c == '_'; }

std::size_t WordEnd(std::string_view text, std::size_t from) {
  if (from >= text.size() || IsDigit(text[from])) return from;
  std::size_t end = from;
  while (end < text.size() && IsWord(text[end])) ++end;
  return end;
}

bool IsPredefined(std::string_view name) {
  return std::find(std::begin(kPredefined), std::end(kPredefined), name) !=
         std::end(kPredefined);
}

// A bare `$X` or `%X%` begins where a value does.
bool BeginsThere(std::string_view value, std::size_t at) {
  return at == 0 || std::string_view(" =:/,;&?\"'@").find(value[at - 1]) !=
                        std::string_view::npos;
}

// The bytes that percent-encoding writes: %E2.
bool IsEncodedByte(std::string_view name) {
  return name.size() == 2 && IsHexDigit(name[0]) && IsHexDigit(name[1]);
}

std::string_view Trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// `inner` stands between "${" and "}".
std::optional<Reference> ReadBraces(std::string_view inner) {
  Reference out;
  for (const auto& [begin, form] :
       {std::pair<std::string_view, Form>{"env:", Form::kEnvColon},
        {"input:", Form::kInput},
        {"user_config.", Form::kUserConfig}}) {
    if (!inner.starts_with(begin) || inner.size() == begin.size()) continue;
    out.form = form;
    out.name = inner.substr(begin.size());
    return out;
  }
  const std::size_t word = WordEnd(inner, 0);
  if (word == 0) return std::nullopt;
  out.name = inner.substr(0, word);
  out.predefined = IsPredefined(out.name);
  const std::string_view rest = inner.substr(word);
  if (rest.empty()) return out;
  if (rest.starts_with(":-") || rest.starts_with("-")) {
    out.form = Form::kBracesDefault;
    out.fallback = rest.substr(rest.find('-') + 1);
    return out;
  }
  // Editors have more of the kind: ${config:x}, ${command:x}.
  if (!rest.starts_with(':')) return std::nullopt;
  out.predefined = true;
  return out;
}

class Finder {
 public:
  explicit Finder(std::string_view value) : value_(value) {}

  std::vector<Reference> All() {
    std::vector<Reference> out;
    std::size_t at = value_.find_first_of("${%");
    while (at < value_.size()) {
      if (auto one = At(at)) {
        at = one->end;
        out.push_back(*one);
      } else {
        ++at;
      }
      at = value_.find_first_of("${%", at);
    }
    return out;
  }

 private:
  std::optional<Reference> At(std::size_t at) {
    const std::string_view rest = value_.substr(at);
    if (rest.starts_with("${{")) {
      auto out = Until(at, 3, &double_braces_, Form::kSecrets);
      if (out && out->name.starts_with("secrets.")) out->name.remove_prefix(8);
      return out;
    }
    if (rest.starts_with("${")) return Braces(at);
    if (rest.starts_with("$(")) return Command(at);
    if (rest.starts_with("{env:")) {
      return Until(at, 5, &brace_, Form::kBraceEnv);
    }
    if (rest.starts_with("{file:")) {
      return Until(at, 6, &brace_, Form::kBraceFile);
    }
    if (rest.starts_with("{{")) {
      return Until(at, 2, &double_braces_, Form::kDoubleBraces);
    }
    return Bare(at);
  }

  std::optional<Reference> Until(std::size_t at, std::size_t begin,
                                 NextPlace* close, Form form) {
    const std::size_t end = close->From(at + begin);
    if (end == kNowhere || end == at + begin) return std::nullopt;
    Reference out;
    out.form = form;
    out.start = at;
    out.end = end + close->size();
    out.name = Trimmed(value_.substr(at + begin, end - at - begin));
    return out;
  }

  std::optional<Reference> Braces(std::size_t at) {
    const std::size_t end = curly_.Closing(at + 1);
    if (end == kNowhere) return std::nullopt;
    auto out = ReadBraces(value_.substr(at + 2, end - at - 2));
    if (!out) return std::nullopt;
    out->start = at;
    out->end = end + 1;
    return out;
  }

  std::optional<Reference> Command(std::size_t at) {
    const std::size_t end = round_.Closing(at + 1);
    if (end == kNowhere) return std::nullopt;
    Reference out;
    out.form = Form::kCommand;
    out.start = at;
    out.end = end + 1;
    out.name = value_.substr(at + 2, end - at - 2);
    return out;
  }

  // `$X`, `%X%`.
  std::optional<Reference> Bare(std::size_t at) const {
    if (!BeginsThere(value_, at)) return std::nullopt;
    const std::size_t end = WordEnd(value_, at + 1);
    if (end == at + 1) return std::nullopt;
    Reference out;
    out.start = at;
    out.end = end;
    out.name = value_.substr(at + 1, end - at - 1);
    if (value_[at] == '$') {
      out.form = Form::kDollar;
      out.predefined = IsPredefined(out.name);
      return out;
    }
    if (value_[at] != '%' || end >= value_.size() || value_[end] != '%' ||
        IsEncodedByte(out.name)) {
      return std::nullopt;
    }
    out.form = Form::kPercent;
    ++out.end;
    return out;
  }

  std::string_view value_;
  Brackets curly_{value_, '{', '}'};
  Brackets round_{value_, '(', ')'};
  NextPlace brace_{value_, "}"};
  NextPlace double_braces_{value_, "}}"};
};

}  // namespace

std::string_view Name(Form form) {
  for (const auto& [one, name] : kForms) {
    if (one == form) return name;
  }
  return {};
}

std::optional<Form> ParseForm(std::string_view name) {
  for (const auto& [form, one] : kForms) {
    if (one == name) return form;
  }
  return std::nullopt;
}

std::vector<Reference> FindReferences(std::string_view value) {
  for (const std::string_view begin : kEncrypted) {
    if (value.starts_with(begin)) {
      return {{Form::kEncrypted, 0, value.size(), {}, {}, false}};
    }
  }
  for (const std::string_view begin : kStores) {
    if (value.starts_with(begin) && value.size() > begin.size()) {
      return {{Form::kStore, 0, value.size(), value, {}, false}};
    }
  }
  return Finder(value).All();
}

std::string WithoutReferences(std::string_view value) {
  std::string out;
  std::size_t from = 0;
  for (const Reference& one : FindReferences(value)) {
    out += value.substr(from, one.start - from);
    out += one.fallback;
    from = one.end;
  }
  out += value.substr(from);
  return out;
}

}  // namespace keytidy::clients
