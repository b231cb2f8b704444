// SPDX-License-Identifier: Apache-2.0
//
// Anchors as stage 1 likes them.
//
// Hyperscan looks for the literals that expressions begin with, all at once.
// How fast depends on the shortest of them and on how many there are: over the
// catalogue as it was, with three-byte literals such as `hf_` and `re_` among
// hundreds of longer ones, 1.8 GB/s on one core of C sources; with those
// spelled out to four bytes, 2.4; with every short one spelled out, more than a
// thousand expressions, 1.1. So a rule asks for it (`spell_out`), few do, and
// tests/bench/match_bench tells.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace keytidy::match {

// Expressions that together match what `anchor` matches, each beginning with a
// literal of four bytes: `hf_[a-c]{9}` becomes `hf_a[a-c]{8}`, `hf_b[a-c]{8}`
// and `hf_c[a-c]{8}`. Just the anchor itself where its literal is long enough,
// where it does not begin with plain bytes and classes, or where it would take
// more than 80 expressions.
std::vector<std::string> LengthenLiteral(std::string_view anchor);

}  // namespace keytidy::match
