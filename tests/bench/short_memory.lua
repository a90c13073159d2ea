return require "lib.short" "memory"
