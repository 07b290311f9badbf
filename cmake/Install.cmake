# Where things go on a server: `cmake --install` and the Debian package, which is made of it
# (packaging/debian). With the prefix /usr, what is configured goes to /etc.
include(GNUInstallDirs)
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(livechat_etc /etc)
else()
  set(livechat_etc ${CMAKE_INSTALL_FULL_SYSCONFDIR})
endif()
set(livechat_share ${CMAKE_INSTALL_DATADIR}/livechat)
set(livechat_units ${CMAKE_INSTALL_PREFIX}/lib/systemd/system)
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(livechat_units /lib/systemd/system)
endif()

install(TARGETS livechat-fcgi livechat-wsd RUNTIME DESTINATION ${CMAKE_INSTALL_SBINDIR})
if(TARGET livechat-admin)
  install(TARGETS livechat-admin RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

# The units, each with the lines that keep it from what it does not need.
file(READ ${PROJECT_SOURCE_DIR}/systemd/hardening.conf hardening)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
             ${PROJECT_SOURCE_DIR}/systemd/hardening.conf)
file(GLOB units CONFIGURE_DEPENDS systemd/*.service systemd/*.socket systemd/*.target
     systemd/*.timer)
if(NOT TARGET livechat-admin)
  list(FILTER units EXCLUDE REGEX "livechat-purge")
endif()
file(REMOVE_RECURSE ${PROJECT_BINARY_DIR}/systemd)
foreach(unit ${units})
  get_filename_component(name ${unit} NAME)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${unit})
  file(READ ${unit} text)
  string(REPLACE "#include hardening\n" "${hardening}" text "${text}")
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/systemd/${name} CONTENT "${text}" @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/systemd/${name} DESTINATION ${livechat_units})
endforeach()
install(FILES systemd/livechat.sysusers DESTINATION lib/sysusers.d RENAME livechat.conf)
install(FILES systemd/livechat.tmpfiles DESTINATION lib/tmpfiles.d RENAME livechat.conf)

# What an administrator changes.
install(FILES config/livechat.toml DESTINATION ${livechat_etc}/livechat)
install(FILES packaging/config/00-daemons.toml DESTINATION ${livechat_etc}/livechat/conf.d)
install(DIRECTORY DESTINATION ${livechat_etc}/livechat/secrets
        DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
file(GLOB snippets CONFIGURE_DEPENDS nginx/livechat-*.conf)
list(FILTER snippets EXCLUDE REGEX "livechat-demo.conf$")
install(FILES ${snippets} DESTINATION ${livechat_etc}/nginx)
install(FILES nginx/site.conf.example DESTINATION ${livechat_etc}/nginx/sites-available
        RENAME livechat)
install(FILES nginx/status-site.conf DESTINATION ${livechat_etc}/nginx/sites-available
        RENAME livechat-status)
install(CODE "
  execute_process(COMMAND ${PROJECT_SOURCE_DIR}/scripts/nginx-conf
    OUTPUT_FILE \"\$ENV{DESTDIR}${livechat_etc}/nginx/livechat-http.conf\"
    COMMAND_ERROR_IS_FATAL ANY)")

# What nobody changes.
install(DIRECTORY sql/migrations DESTINATION ${livechat_share})
install(FILES nginx/livechat-http.conf.template DESTINATION ${livechat_share}/nginx)
install(PROGRAMS scripts/nginx-conf DESTINATION ${livechat_share}/scripts)
install(FILES scripts/lib/say.sh DESTINATION ${livechat_share}/scripts/lib)
install(DIRECTORY docs/monitoring DESTINATION ${livechat_share} OPTIONAL)
install(DIRECTORY ${PROJECT_BINARY_DIR}/web DESTINATION ${livechat_share} OPTIONAL)

file(GLOB pages CONFIGURE_DEPENDS packaging/man/*.1 packaging/man/*.8)
foreach(page ${pages})
  string(REGEX REPLACE "^.*\\.([0-9])$" "\\1" section ${page})
  install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()
file(GLOB completions CONFIGURE_DEPENDS admin-cli/*.bash)
foreach(completion ${completions})
  get_filename_component(name ${completion} NAME_WE)
  install(FILES ${completion} DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
          RENAME ${name})
endforeach()

install(FILES README.md docs/install.md docs/operations.md docs/security.md docs/protocol.md docs/sql.md
              docs/openapi.yaml
        DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)
