// --columns of lists.
#include <gtest/gtest.h>

#include "app/filter/list_columns.h"
#include "core/transcribe/bar_format.h"
#include "core/wire/table_columns.h"

namespace tidemark {
namespace {

TEST(ListColumns, SaysWhichPlaceIsWhat) {
  TranscribeOptions options;
  ASSERT_TRUE(take_list_columns(*parse_column_choices("symbol=@BTC,timestamp=1,close=5"), options));
  EXPECT_EQ(options.symbol, "BTC");
  EXPECT_EQ(options.list_fields, (std::vector<std::string>{"timestamp", "", "", "", "close"}));
}

TEST(ListColumns, RefusesWhatIsNoPlaceAndChangesNothing) {
  for (const char* const text :
       {"timestamp=Date", "timestamp=0", "open=100", "timestamp=1+2", "feed=@sip", "open=1x"}) {
    TranscribeOptions options;
    EXPECT_FALSE(take_list_columns(*parse_column_choices(text), options)) << text;
    EXPECT_TRUE(options.list_fields.empty());
  }
}

}  // namespace
}  // namespace tidemark
