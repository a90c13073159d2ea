return require "lib.circle_a"
