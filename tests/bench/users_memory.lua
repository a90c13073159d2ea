return require "lib.users" "memory"
