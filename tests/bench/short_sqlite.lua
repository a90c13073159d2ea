return require "lib.short" "sqlite"
