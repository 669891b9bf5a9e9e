#include "pipeline/base/sha256.h"

#include <gtest/gtest.h>

namespace pipeline {
namespace {

// FIPS 180-4, "SHA-256 examples"; the empty message and a million times 'a' are from NIST's CAVS and example files.
TEST(Sha256, GivesTheKnownDigests) {
  const std::pair<std::string, std::string_view> vectors[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {std::string(1'000'000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  };
  Sha256Hasher hasher;  // one for all: it starts over after each digest
  for (const auto& [text, digest] : vectors) EXPECT_EQ(to_hex(hasher.hash(text)), digest) << text.size() << " bytes";
}

TEST(Sha256, PiecesMakeTheSameDigestAsTheWhole) {
  Sha256Hasher hasher;
  hasher.update("a");
  hasher.update("");
  hasher.update("bc");
  EXPECT_EQ(hasher.finish(), Sha256Hasher().hash("abc"));
}

TEST(Sha256, AZeroByteCounts) {
  Sha256Hasher hasher;
  EXPECT_NE(hasher.hash(std::string_view("a\0b", 3)), hasher.hash("a"));
}

}  // namespace
}  // namespace pipeline
