# Boost's Asio and Beast, headers only. Nothing here needs a compiled library of Boost.
find_path(BoostHeaders_INCLUDE boost/beast.hpp)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(BoostHeaders REQUIRED_VARS BoostHeaders_INCLUDE)
if(BoostHeaders_FOUND AND NOT TARGET tidemark_boost)
  add_library(tidemark_boost INTERFACE IMPORTED GLOBAL)
  target_include_directories(tidemark_boost SYSTEM INTERFACE "${BoostHeaders_INCLUDE}")
  target_compile_definitions(tidemark_boost INTERFACE BOOST_ENABLE_ASSERT_DEBUG_HANDLER)  # io/net/boost_assertion.cc
endif()
