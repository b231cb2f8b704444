// SPDX-License-Identifier: Apache-2.0
#include "import/json_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace keytidy::imports {
namespace {

using Texts = std::vector<std::string>;

// Each record as "line: name=text;…"; what is wrong instead.
Texts Read(std::string_view text) {
  auto reader = JsonReader::Open(text);
  if (!reader) return {"!! " + reader.error().message};
  JsonRecord record;
  Texts out;
  while (reader->Next(&record)) {
    std::string one = std::to_string(record.line) + ":";
    for (const auto& [name, value] : record.cells) {
      one += " " + name + "=" + value + ";";
    }
    if (!record.problem.empty()) one += " ! " + record.problem;
    out.push_back(one);
  }
  return out;
}

TEST(JsonReader, AnArray) {
  EXPECT_EQ(Read("[]"), Texts{});
  EXPECT_EQ(Read(" [ ] "), Texts{});
  EXPECT_EQ(Read(R"([{"a":"1"},
 {"a":"2","b":true}])"),
            (Texts{"1: a=1;", "2: a=2; b=true;"}));
  EXPECT_EQ(Read("\xEF\xBB\xBF[{\"a\":1}]"), Texts{"1: a=1;"});
}

TEST(JsonReader, Lines) {
  EXPECT_EQ(Read("{\"a\":1}\n{\"a\":2}\r\n\n{\"a\":3}\n"),
            (Texts{"1: a=1;", "2: a=2;", "4: a=3;"}));
  EXPECT_EQ(Read("{\"a\":1}\n{\"rows\":[{\"a\":2}]}"),
            (Texts{"1: a=1;", "2: rows=;"}));
}

TEST(JsonReader, AnObjectWithOneArray) {
  EXPECT_EQ(Read(R"({"total":2,"keys":[{"a":1},{"a":2}],"names":["x"]})"),
            (Texts{"1: a=1;", "1: a=2;"}));
  EXPECT_EQ(Read("{\"AccessKeyMetadata\": [\n {\"a\": 1}\n]}"),
            Texts{"2: a=1;"});
  EXPECT_EQ(Read(R"({"keys":[]})"), Texts{});
  EXPECT_EQ(Read(R"({"data":{"apps":{"data":[{"a":1}]}}})"), Texts{"1: a=1;"});
}

TEST(JsonReader, AnObjectByItself) {
  EXPECT_EQ(Read(R"({"id":"x","scopes":["a","b"]})"),
            Texts{"1: id=x; scopes=a,b;"});
  EXPECT_EQ(Read(R"({"id":"x","owner":{"name":"ann"}})"),
            Texts{"1: id=x; owner=;"});
}

TEST(JsonReader, TwoArrays) {
  EXPECT_EQ(Read(R"({"a":[{}],"b":[{}]})"),
            Texts{"!! holds 2 arrays of objects, and does not say which of "
                  "them are the keys"});
}

TEST(JsonReader, Values) {
  EXPECT_EQ(
      Read(R"([{"s":"\u00fc\"","n":12,"f":1614350623.5,"b":false,"z":null,)"
           R"("l":["a",1,true,null,{"x":1}],"o":{"y":2}}])"),
      Texts{"1: s=\xC3\xBC\"; n=12; f=1614350623; b=false; z=; l=a,1,true; "
            "o=;"});
  EXPECT_EQ(Read(R"([{"a":"]},{","b":"\\"}])"), Texts{"1: a=]},{; b=\\;"});
}

TEST(JsonReader, WhatIsNoRow) {
  EXPECT_EQ(Read("[1,{\"a\":1},\"x\",null]"),
            (Texts{"1: ! is no object", "1: a=1;", "1: ! is no object",
                   "1: ! is no object"}));
  EXPECT_EQ(Read("[{\"a\":},{\"a\":1}]"),
            (Texts{"1: ! is no JSON", "1: a=1;"}));
  EXPECT_EQ(Read(""), Texts{"!! holds nothing"});
  EXPECT_EQ(Read("\n \t"), Texts{"!! holds nothing"});
  EXPECT_EQ(Read("\"x\""), Texts{"!! is no JSON with objects in it"});
}

TEST(JsonReader, RowsBeforeDamageCount) {
  EXPECT_EQ(
      Read("[{\"a\":1},\n{\"a\":2"),
      (Texts{"1: a=1;", "2: ! the JSON is cut off or nests too deep here"}));
  EXPECT_EQ(Read("[{\"a\":1} {\"a\":2}]"),
            (Texts{"1: a=1;", "1: ! the array is cut off or damaged here"}));
  EXPECT_EQ(
      Read("{\"keys\":[{\"a\":1},{\"a\""),
      (Texts{"1: a=1;", "1: ! the JSON is cut off or nests too deep here"}));
  EXPECT_EQ(Read("[{\"a\":1}"),
            (Texts{"1: a=1;", "1: ! the array is cut off or damaged here"}));
}

TEST(JsonReader, DepthIsBounded) {
  const std::string open(100'000, '[');
  EXPECT_EQ(Read(open), Texts{"1: ! the JSON is cut off or nests too deep "
                              "here"});
  std::string objects;
  for (int i = 0; i < 1000; ++i) objects += "{\"a\":";
  EXPECT_EQ(Read(objects).size(), 1u);
  std::string nested = "[{\"a\":1}]";
  for (int i = 0; i < 20; ++i) nested = "{\"x\":" + nested + "}";
  EXPECT_EQ(Read(nested), Texts{"1: x=;"});
}

TEST(JsonReader, ColumnsAreBounded) {
  std::string row = "[{";
  for (int i = 0; i <= 1000; ++i) {
    row += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":1";
  }
  EXPECT_EQ(Read(row + "}]"), Texts{"1: ! has more than 1000 columns"});
}

}  // namespace
}  // namespace keytidy::imports
