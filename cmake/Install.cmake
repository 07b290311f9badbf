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
  list(FILTER units EXCLUDE REGEX "livechat-(purge|migrate)")
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

# What an administrator changes. livechat.postinst makes the other files in /etc, so that no upgrade asks about them.
install(FILES config/livechat.toml DESTINATION ${livechat_etc}/livechat)
install(DIRECTORY DESTINATION ${livechat_etc}/livechat/conf.d)
install(DIRECTORY DESTINATION ${livechat_etc}/livechat/secrets
        DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)

# What no one changes.
install(DIRECTORY sql/migrations DESTINATION ${livechat_share})
install(FILES packaging/config/00-daemons.toml DESTINATION ${livechat_share})
file(GLOB parts CONFIGURE_DEPENDS nginx/livechat-*.conf nginx/livechat-*.conf.template)
list(FILTER parts EXCLUDE REGEX "livechat-demo.conf$")
install(FILES ${parts} DESTINATION ${livechat_share}/nginx)
install(FILES nginx/site.conf.example DESTINATION ${livechat_share}/nginx/sites RENAME livechat)
install(FILES nginx/port80.conf.example DESTINATION ${livechat_share}/nginx/sites
        RENAME livechat-port80)
install(FILES nginx/status-site.conf DESTINATION ${livechat_share}/nginx/sites
        RENAME livechat-status)
install(PROGRAMS scripts/nginx-conf DESTINATION ${livechat_share}/scripts)
install(FILES scripts/lib/say.sh DESTINATION ${livechat_share}/scripts/lib)
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/VERSION CONTENT "${PROJECT_VERSION}\n")
install(FILES ${PROJECT_BINARY_DIR}/VERSION DESTINATION ${livechat_share})
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

# The documents refer to each other as they do in the tree.
file(READ README.md readme)
string(REGEX REPLACE "\\]\\(docs/" "](" readme "${readme}")
string(REGEX REPLACE "- \\[CONTRIBUTING[^\n]*\n" "" readme "${readme}")  # for those who have the tree
string(REPLACE "](LICENSE)" "](copyright)" readme "${readme}")
string(REPLACE "](config/livechat.toml)" "](/etc/livechat/livechat.toml)" readme "${readme}")
file(WRITE ${PROJECT_BINARY_DIR}/README.md.new "${readme}")
configure_file(${PROJECT_BINARY_DIR}/README.md.new ${PROJECT_BINARY_DIR}/README.md COPYONLY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/README.md)
file(GLOB documents CONFIGURE_DEPENDS docs/*.md docs/*.yaml)
install(FILES ${PROJECT_BINARY_DIR}/README.md ${documents} DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/images docs/monitoring DESTINATION ${CMAKE_INSTALL_DOCDIR})
