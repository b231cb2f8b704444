// SPDX-License-Identifier: Apache-2.0
//
// Commands that let others reach a server: bridges, which turn a program into a
// network service, and tunnels, which give such a service a public name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace keytidy::clients {

struct Exposure {
  enum class Kind { kBridge, kTunnel };
  Kind kind = Kind::kBridge;
  std::string program;      // "supergateway", "cloudflared"
  std::uint16_t port = 0;   // it listens at, or leads to; 0: not told
  bool everywhere = false;  // listens at all interfaces
  bool any_origin = false;  // answers web pages of any origin
  bool guarded = false;     // asks who is there
  // A tunnel under a name made up for the occasion, that nobody guards.
  bool quick = false;
};

// `words` as Unwrapped (clients/wrappers.h) gives them. Options count up to
// `--` alone, and what a program does without them is known. Nullopt too where
// it speaks to its parent only, is a client, or is a tunnel that has its rules
// elsewhere (`cloudflared tunnel run`).
std::optional<Exposure> ReadExposure(const std::vector<std::string>& words);

}  // namespace keytidy::clients
