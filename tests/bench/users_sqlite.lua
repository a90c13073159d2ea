return require "lib.users" "sqlite"
