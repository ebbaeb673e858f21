# Installs the headers, the config package and a pkg-config file, all relocatable and free of any architecture,
# and describes the Debian package that `cpack` makes of them.
include(CMakePackageConfigHelpers)

set(ambit_package_dir "${CMAKE_INSTALL_DATADIR}/cmake/ambit")

if(CMAKE_VERSION VERSION_GREATER_EQUAL 3.23)
  install(TARGETS ambit EXPORT ambitTargets FILE_SET HEADERS)
else()
  install(TARGETS ambit EXPORT ambitTargets)
  install(DIRECTORY include/ambit DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.hpp"
          PATTERN "*.inc")
endif()
install(EXPORT ambitTargets NAMESPACE ambit:: DESTINATION "${ambit_package_dir}")

configure_package_config_file(cmake/ambitConfig.cmake.in "${CMAKE_CURRENT_BINARY_DIR}/ambitConfig.cmake"
                              INSTALL_DESTINATION "${ambit_package_dir}")
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/ambitConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/ambitConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/ambitConfigVersion.cmake"
        DESTINATION "${ambit_package_dir}")
# The tool as sources: the package is of no architecture, and a build that needs the tool makes it.
install(FILES cmake/AmbitWeights.cmake DESTINATION "${ambit_package_dir}")
install(DIRECTORY tools/ambit/ DESTINATION "${ambit_package_dir}/tool" FILES_MATCHING PATTERN "*.hpp" PATTERN "*.cpp")

# An absolute prefix would be wrong inside a .deb and after a move: the way back to the prefix is relative.
file(RELATIVE_PATH ambit_pc_prefix "/prefix/${CMAKE_INSTALL_DATADIR}/pkgconfig" "/prefix")
string(REGEX REPLACE "/$" "" ambit_pc_prefix "${ambit_pc_prefix}")
configure_file(cmake/ambit.pc.in "${CMAKE_CURRENT_BINARY_DIR}/ambit.pc" @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/ambit.pc" DESTINATION "${CMAKE_INSTALL_DATADIR}/pkgconfig")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")

if(PROJECT_IS_TOP_LEVEL)
  set(CPACK_GENERATOR DEB)
  set(CPACK_PACKAGE_NAME libambit-dev)
  set(CPACK_PACKAGE_CONTACT "ambit developers <developers@ambit.invalid>")
  set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
  set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
  set(CPACK_RESOURCE_FILE_LICENSE "${CMAKE_CURRENT_SOURCE_DIR}/LICENSE")
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE all)
  set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
  set(CPACK_DEBIAN_PACKAGE_DEPENDS "libboost-dev (>= 1.74), libeigen3-dev (>= 3.4)")
  set(CPACK_DEBIAN_PACKAGE_SUGGESTS "nlohmann-json3-dev, libprotozero-dev, zlib1g-dev")
  include(CPack)
endif()
