// SPDX-License-Identifier: Apache-2.0
#include "audit/stage.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keytidy::audit {
namespace {

Knowledge Words() {
  Knowledge out;
  out.development = {"dev", "development", "local", "test"};
  out.production = {"live", "prod", "production"};
  return out;
}

Stage OfName(std::string_view name) { return StageOfName(Words(), name); }

TEST(StageOfName, WordsOfTheName) {
  for (const char* name : {"dev", "kryton-dev", "krytonDev", "KRYTON_DEV",
                           ".env.development", "a/test/b", "dev.dev"}) {
    EXPECT_EQ(OfName(name), Stage::kDevelopment) << name;
  }
  for (const char* name : {"prod", "kryton_prod", "Production", "live.key"}) {
    EXPECT_EQ(OfName(name), Stage::kProduction) << name;
  }
  for (const char* name : {"", "kryton", "device", "developer", "delivery",
                           "productionist", "...", "latest"}) {
    EXPECT_EQ(OfName(name), Stage::kUnknown) << name;
  }
}

TEST(StageOfName, WhatSaysBothSaysNothing) {
  EXPECT_EQ(OfName("prod-to-dev"), Stage::kUnknown);
  EXPECT_EQ(OfName("production/.env.local"), Stage::kUnknown);
}

Stage OfFile(ClientKind kind, const std::string& path,
             const std::string& project = "") {
  Client client;
  client.kind = kind;
  FoundFile file;
  file.client = &client;
  file.path = path;
  file.project = project;
  return StageOfFile(Words(), file);
}

TEST(StageOfFile, OfAProjectTheFoldersBelowItsRoot) {
  EXPECT_EQ(OfFile(ClientKind::kProject, "/h/dev/shop/.env", "/h/dev/shop"),
            Stage::kUnknown);
  EXPECT_EQ(
      OfFile(ClientKind::kProject, "/h/dev/shop/prod/.env", "/h/dev/shop"),
      Stage::kProduction);
  EXPECT_EQ(OfFile(ClientKind::kProject, "/h/shop/.env.local", "/h/shop"),
            Stage::kDevelopment);
  // A folder of a longer name is another.
  EXPECT_EQ(OfFile(ClientKind::kProject, "/h/shop-dev/.env", "/h/shop"),
            Stage::kUnknown);
}

TEST(StageOfFile, ElseItsOwnName) {
  EXPECT_EQ(OfFile(ClientKind::kTool, "/h/prod/tool.toml"), Stage::kUnknown);
  EXPECT_EQ(OfFile(ClientKind::kTool, "/h/x/tool.prod.toml"),
            Stage::kProduction);
}

TEST(StageOfFile, TheNamesOfAnAiClientSayNothing) {
  EXPECT_EQ(OfFile(ClientKind::kAi, "/h/shop/settings.local.json", "/h/shop"),
            Stage::kUnknown);
}

clients::Value Variable(std::string name, std::string text) {
  clients::Value out;
  out.kind = clients::SlotKind::kEnv;
  out.name = std::move(name);
  out.text = std::move(text);
  return out;
}

Stage OfServer(const std::string& name,
               const std::vector<clients::Value>& values) {
  clients::Server server;
  server.name = name;
  server.values = values;
  return StageOfServer(Words(), server);
}

TEST(StageOfServer, ItsVariablesCountMoreThanItsName) {
  EXPECT_EQ(OfServer("shop-dev", {}), Stage::kDevelopment);
  EXPECT_EQ(OfServer("shop", {}), Stage::kUnknown);
  for (const char* name : {"NODE_ENV", "APP_ENV", "ENVIRONMENT", "RAILS_ENV"}) {
    EXPECT_EQ(OfServer("shop-dev", {Variable(name, "production")}),
              Stage::kProduction)
        << name;
  }
  EXPECT_EQ(OfServer("shop-dev", {Variable("NODE_ENV", "other")}),
            Stage::kDevelopment);
  EXPECT_EQ(OfServer("shop", {Variable("NODE_ENV", "other"),
                              Variable("APP_ENV", "prod")}),
            Stage::kProduction);
}

TEST(StageOfServer, OtherSettingsSayNothing) {
  EXPECT_EQ(OfServer("shop", {Variable("HOST", "prod")}), Stage::kUnknown);
  clients::Value header = Variable("NODE_ENV", "prod");
  header.kind = clients::SlotKind::kHeader;
  EXPECT_EQ(OfServer("shop", {header}), Stage::kUnknown);
}

}  // namespace
}  // namespace keytidy::audit
