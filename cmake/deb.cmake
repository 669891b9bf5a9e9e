# The Debian package, by CPack: scripts/package calls it, and says who packs it, when, and for which release.
set(PIPELINE_PACKAGER "" CACHE STRING "Who packs it: NAME <ADDRESS>")
set(PIPELINE_PACKAGED_ON "" CACHE STRING "When the package's version was made, as in RFC 5322")
set(PIPELINE_DEB_REVISION "1" CACHE STRING "Behind the version: 1~deb12")
if(NOT PIPELINE_PACKAGER)
  return()
endif()

# 1.0.0-rc1 comes before 1.0.0, which dpkg knows by a tilde.
string(REPLACE "-" "~" deb_version "${PIPELINE_VERSION}")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME pipeline)
set(CPACK_PACKAGE_CONTACT "${PIPELINE_PACKAGER}")
set(CPACK_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_SET_DESTDIR ON) # /etc is not below /usr
set(CPACK_PACKAGE_VERSION ${deb_version})
set(CPACK_DEBIAN_PACKAGE_RELEASE ${PIPELINE_DEB_REVISION})
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "nightly work of a SmartStore seller who also publishes posts")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "Brings the catalogue of a Naver SmartStore into a local SQLite database,
notices what changed since the night before, queues each change, and builds
the upload packages of the posts that speak of the products.
.
It keeps the pace that the Commerce API allows, survives being killed at any
moment, and measures every stage.")
# What the executable is linked with is found out; these no link tells of: to trust the API's certificate, and to read HEIC.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "ca-certificates")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "bash-completion, prometheus-node-exporter")
if(PIPELINE_DEB_RECOMMENDS)
  set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "${PIPELINE_DEB_RECOMMENDS}")
endif()
set(CPACK_DEBIAN_DEBUGINFO_PACKAGE ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION TRUE)
set(deb ${PROJECT_SOURCE_DIR}/packaging/deb)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${deb}/conffiles ${deb}/postinst ${deb}/prerm ${deb}/postrm)

file(
  WRITE ${PROJECT_BINARY_DIR}/deb/changelog.Debian
  "pipeline (${deb_version}-${PIPELINE_DEB_REVISION}) unstable; urgency=medium\n\n"
  "  * Packed by the project's scripts/package; what is new tells changelog.gz.\n\n"
  " -- ${PIPELINE_PACKAGER}  ${PIPELINE_PACKAGED_ON}\n")
execute_process(COMMAND gzip -9nf ${PROJECT_BINARY_DIR}/deb/changelog.Debian COMMAND_ERROR_IS_FATAL ANY)
install(FILES ${PROJECT_BINARY_DIR}/deb/changelog.Debian.gz ${deb}/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
include(CPack)
