// A connected socket passed between files of this folder. The receiver owns it.
//
// It keeps the network library's types, which are slow to compile, out of the headers.
#pragma once

namespace boost::asio {
class io_context;  // NOLINT(readability-identifier-naming): the library calls it so
}

namespace tidemark {

struct Descriptor {
  int number = -1;
  int family = 0;  // AF_INET, AF_INET6, AF_UNIX
};

}  // namespace tidemark
