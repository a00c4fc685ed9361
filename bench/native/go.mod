module batchwire-bench

go 1.19
