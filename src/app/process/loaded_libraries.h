// The shared libraries that this process has loaded, and the package versions that are installed now.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace tidemark {

// The name that the loader was asked for ("libssl.so.3") → the name of the file behind it ("libssl.so.3").
std::map<std::string, std::string, std::less<>> loaded_libraries();

// The versions of those packages of dpkg that are installed; none where there is no dpkg.
std::map<std::string, std::string, std::less<>> installed_versions(const std::set<std::string_view>& packages);

}  // namespace tidemark
