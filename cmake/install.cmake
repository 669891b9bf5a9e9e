# What `cmake --install` lays down: the executable, the manual pages and completions that it writes itself, units for the nights,
# a config to begin with, a budget, the dashboard, the docs. `DESTDIR=/tmp/x cmake --install build/package` to look at it first.
include(GNUInstallDirs)

set(PIPELINE_CONFIG_DIR ${CMAKE_INSTALL_FULL_SYSCONFDIR}/pipeline)
set(papers ${PROJECT_BINARY_DIR}/papers)

# Made anew whenever the executable is, so that they tell what it does. gzip is what manual pages are kept in.
add_custom_command(
  OUTPUT ${papers}/made
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${papers}
  COMMAND pipeline generate --quiet --man ${papers}/man --completions ${papers}/completions
  COMMAND gzip -9nr ${papers}/man
  COMMAND gzip -9nc ${PROJECT_SOURCE_DIR}/CHANGELOG.md > ${papers}/changelog.gz
  COMMAND ${CMAKE_COMMAND} -E touch ${papers}/made
  DEPENDS pipeline ${PROJECT_SOURCE_DIR}/CHANGELOG.md
  COMMENT "Writing manual pages and completions"
  VERBATIM)
add_custom_target(papers ALL DEPENDS ${papers}/made)

# The units of one store and of each: what both have stands once.
function(configure_units)
  set(systemd ${PROJECT_SOURCE_DIR}/packaging/systemd)
  file(READ ${systemd}/bounds.conf PIPELINE_NIGHT_BOUNDS)
  file(READ ${systemd}/credentials.in credentials)
  string(STRIP "${PIPELINE_NIGHT_BOUNDS}" PIPELINE_NIGHT_BOUNDS)
  string(STRIP "${credentials}" credentials)
  set(name)
  string(CONFIGURE "${credentials}" PIPELINE_NIGHT_CREDENTIALS @ONLY)
  set(name %i.)
  string(CONFIGURE "${credentials}" PIPELINE_STORE_CREDENTIALS @ONLY)
  configure_file(${systemd}/pipeline-night.service.in ${PROJECT_BINARY_DIR}/systemd/pipeline-night.service @ONLY)
  configure_file(${systemd}/pipeline-night@.service.in ${PROJECT_BINARY_DIR}/systemd/pipeline-night@.service @ONLY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${systemd}/bounds.conf ${systemd}/credentials.in)
endfunction()
configure_units()

install(TARGETS pipeline)
install(TARGETS pipeline-plain pipeline-pictures DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/pipeline)
install(DIRECTORY ${papers}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 FILES_MATCHING PATTERN "*.1.gz")
install(DIRECTORY ${papers}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man5 FILES_MATCHING PATTERN "*.5.gz")

# Debian's zsh looks for what packages bring in a folder of its own.
set(zsh_folder site-functions)
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr" AND EXISTS /etc/debian_version)
  set(zsh_folder vendor-completions)
endif()
install(FILES ${papers}/completions/pipeline DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${papers}/completions/_pipeline DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/${zsh_folder})
install(FILES ${papers}/completions/pipeline.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

install(
  FILES ${PROJECT_BINARY_DIR}/systemd/pipeline-night.service
        ${PROJECT_BINARY_DIR}/systemd/pipeline-night@.service
        ${PROJECT_SOURCE_DIR}/packaging/systemd/pipeline-night.timer
        ${PROJECT_SOURCE_DIR}/packaging/systemd/pipeline-night@.timer
  DESTINATION lib/systemd/system)
install(FILES ${PROJECT_SOURCE_DIR}/packaging/sysusers.conf DESTINATION lib/sysusers.d RENAME pipeline.conf)
install(FILES ${PROJECT_SOURCE_DIR}/packaging/tmpfiles.conf DESTINATION lib/tmpfiles.d RENAME pipeline.conf)

# A config that is there is the operator's; dpkg asks for itself.
install(FILES ${PROJECT_SOURCE_DIR}/packaging/pipeline.toml ${PROJECT_SOURCE_DIR}/packaging/environment
        DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  install(FILES ${PROJECT_SOURCE_DIR}/packaging/pipeline.toml ${PROJECT_SOURCE_DIR}/packaging/environment
          DESTINATION ${PIPELINE_CONFIG_DIR})
endif()

install(FILES ${PROJECT_SOURCE_DIR}/bench/budget.json DESTINATION ${CMAKE_INSTALL_DATADIR}/pipeline)
install(FILES ${PROJECT_SOURCE_DIR}/docs/monitoring/dashboard.json ${PROJECT_SOURCE_DIR}/docs/monitoring/alerts.yml
        DESTINATION ${CMAKE_INSTALL_DATADIR}/pipeline/monitoring)
install(FILES ${PROJECT_SOURCE_DIR}/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${papers}/changelog.gz DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs DESTINATION ${CMAKE_INSTALL_DOCDIR})
