// The server finds each note that `tidemark query` says, and no other.
#include "io/serve/query_notes.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

TEST(QueryNotes, EachIsFoundAndOnlyIt) {
  EXPECT_TRUE(says_cut(note_of_cut(10)));
  EXPECT_FALSE(says_guarded(note_of_cut(10)));
  for (const std::size_t texts : {1, 2}) {
    EXPECT_TRUE(says_guarded(note_of_guarded(texts)));
    EXPECT_FALSE(says_cut(note_of_guarded(texts)));
  }
  const std::string both = note_of_cut(1) + '\n' + note_of_guarded(1);
  EXPECT_TRUE(says_cut(both) && says_guarded(both));
  EXPECT_FALSE(says_cut("") || says_guarded(""));
}

}  // namespace
}  // namespace tidemark
