// SPDX-License-Identifier: Apache-2.0
#include "core/secret.h"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <gtest/gtest.h>

#include <concepts>
#include <cstddef>
#include <new>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace keytidy {
namespace {

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) {
  out << value;
};
static_assert(Streamable<std::string>);
static_assert(!Streamable<Secret>);

static_assert(fmt::is_formattable<std::string>::value);
static_assert(!fmt::is_formattable<Secret>::value);
static_assert(!fmt::is_formattable<const Secret&>::value);

static_assert(!std::is_copy_constructible_v<Secret>);
static_assert(!std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret>);
static_assert(std::is_nothrow_move_assignable_v<Secret>);

// Nothing turns into one, and it turns into nothing, unless that is asked for.
static_assert(!std::is_convertible_v<std::string_view, Secret>);
static_assert(!std::is_convertible_v<std::string, Secret>);
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<Secret, bool>);

static_assert(!std::equality_comparable<Secret>);
static_assert(!std::totally_ordered<Secret>);

// Short enough to lie in the string itself, and not.
const std::string kShort = "hunter2";
const std::string kLong(300, 'k');

TEST(Secret, HoldsItsBytes) {
  for (const std::string& bytes : {kShort, kLong, std::string("a\0b", 3)}) {
    const Secret secret(bytes);
    EXPECT_EQ(secret.size(), bytes.size());
    EXPECT_EQ(secret.Reveal(), bytes);
  }
}

TEST(Secret, IsEmptyOnceMovedFrom) {
  for (const std::string& bytes : {kShort, kLong}) {
    Secret first(bytes);
    Secret second(std::move(first));
    EXPECT_EQ(first.size(), 0u);
    EXPECT_EQ(first.Reveal(), "");
    EXPECT_EQ(second.Reveal(), bytes);
    Secret third("other");
    third = std::move(second);
    EXPECT_EQ(second.size(), 0u);
    EXPECT_EQ(third.Reveal(), bytes);
  }
}

// Reads what may no longer be an object.
bool AllZero(const volatile char* bytes, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    if (bytes[i] != 0) return false;
  }
  return true;
}

// A short string is copied by a move; the copy left behind is wiped as well.
TEST(Secret, AMoveLeavesNoBytesBehind) {
  Secret first(kShort);
  const char* bytes = first.Reveal().data();
  const Secret second(std::move(first));
  ASSERT_NE(second.Reveal().data(), bytes);
  EXPECT_TRUE(AllZero(bytes, kShort.size()));
}

// The old buffer lives on, in one of the two.
TEST(Secret, AnAssignmentWipesWhatWasThere) {
  for (const std::string& bytes : {kShort, kLong}) {
    Secret first(kLong);
    const char* old = first.Reveal().data();
    Secret second(bytes);
    first = std::move(second);
    EXPECT_EQ(first.Reveal(), bytes);
    const bool reused = first.Reveal().data() == old;
    const std::size_t kept = reused ? bytes.size() : 0;
    EXPECT_TRUE(AllZero(old + kept, kLong.size() - kept));
  }
}

TEST(Secret, MovedOntoItselfItStays) {
  Secret secret(kShort);
  Secret& same = secret;
  secret = std::move(same);
  EXPECT_EQ(secret.Reveal(), kShort);
}

TEST(Secret, IsWipedWhenItGoes) {
  alignas(Secret) char place[sizeof(Secret)];
  auto* secret = new (place) Secret(kShort);
  const char* bytes = secret->Reveal().data();
  ASSERT_TRUE(bytes >= place && bytes < place + sizeof(place));
  secret->~Secret();
  EXPECT_TRUE(AllZero(bytes, kShort.size()));
}

}  // namespace
}  // namespace keytidy
