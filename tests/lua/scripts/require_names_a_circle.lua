return require "lib.circle_a" -- end: parse
