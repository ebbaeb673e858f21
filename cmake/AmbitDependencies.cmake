# Eigen and the Boost headers (Boost.Hana). Imported targets are SYSTEM: Eigen alone gives dozens of -Wsign-conversion
# warnings otherwise. A project that already has the targets keeps them.

if(NOT TARGET Eigen3::Eigen)
  # No version in the call: Eigen 5 refuses a request for 3.4 as another major version.
  find_package(Eigen3 CONFIG REQUIRED)
  if(Eigen3_VERSION VERSION_LESS 3.4)
    message(FATAL_ERROR "ambit needs Eigen 3.4 or later, found ${Eigen3_VERSION} in ${Eigen3_DIR}")
  endif()
endif()

if(NOT TARGET Boost::headers)
  if(POLICY CMP0167)
    cmake_policy(SET CMP0167 NEW) # the config package of Boost, not the removed FindBoost module
  endif()
  find_package(Boost 1.74 REQUIRED)
endif()
