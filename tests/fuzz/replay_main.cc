// SPDX-License-Identifier: Apache-2.0
//
// Runs a fuzz target without a fuzzer: over every file of a corpus, over every
// truncation of the small ones, and over mutations that are the same each time.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size);

namespace {

constexpr std::size_t kTruncateUpTo = 4096;
constexpr int kMutations = 300;

std::size_t runs = 0;

void RunOne(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                         bytes.size());
  ++runs;
}

std::string Mutated(std::string bytes, std::mt19937& random) {
  const std::size_t changes = 1 + random() % 8;
  for (std::size_t i = 0; i < changes && !bytes.empty(); ++i) {
    const std::size_t at = random() % bytes.size();
    switch (random() % 4) {
      case 0:
        bytes[at] = static_cast<char>(random());
        break;
      case 1:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random() % 8)));
        break;
      case 2:
        bytes.erase(at, 1 + random() % 16);
        break;
      default:
        bytes.insert(at, bytes.substr(random() % bytes.size(), 16));
    }
  }
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s CORPUS_DIRECTORY\n", argv[0]);
    return 2;
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::mt19937 random(1);
  RunOne("");
  for (const auto& path : files) {
    std::ifstream in(path, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)),
                            std::istreambuf_iterator<char>());
    RunOne(bytes);
    const std::size_t step = std::max<std::size_t>(1, bytes.size() / 200);
    for (std::size_t n = 0; n < std::min(bytes.size(), kTruncateUpTo);
         n += step) {
      RunOne(bytes.substr(0, n));
    }
    for (int i = 0; i < kMutations; ++i) RunOne(Mutated(bytes, random));
  }
  std::printf("%zu files, %zu runs\n", files.size(), runs);
  return files.empty() ? 1 : 0;
}
