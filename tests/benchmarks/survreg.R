# survreg beside us: each line of the input is a command, each answer one line. ratios.py speaks to it.
#   load FILE N right|interval    read N rows of doubles, a column after the other: lower, upper, x1 ... x5
#   fit FAMILY TIMES              seconds of as many fits, and the log-likelihood
#   peak FAMILY                   bytes by which a first fit, the rows read for it too, takes the process beyond its idle size
suppressMessages(library(survival))

read_rows <- function(file, n) {
  input <- file(file, "rb")
  on.exit(close(input))
  names <- c("lower", "upper", paste0("x", 1:5))
  as.data.frame(setNames(lapply(names, function(name) readBin(input, "double", n)), names))
}

load <- function(file, n, kind) {
  rows <<- read_rows(file, as.integer(n))
  if (kind == "right") {
    rows$ended <<- is.finite(rows$upper)
    wanted <<- Surv(lower, ended) ~ x1 + x2 + x3 + x4 + x5
  } else {  # survreg wants NA for an open end
    rows$lower[rows$lower == 0] <<- NA
    rows$upper[!is.finite(rows$upper)] <<- NA
    wanted <<- Surv(lower, upper, type = "interval2") ~ x1 + x2 + x3 + x4 + x5
  }
  "loaded"
}

fit <- function(family, times = 1) {
  start <- Sys.time()
  for (i in seq_len(times)) fitted <- survreg(wanted, data = rows, dist = family)
  sprintf("%.9f %.12g", as.numeric(Sys.time() - start, units = "secs"), fitted$loglik[2])
}

memory <- function(field) {
  line <- grep(paste0("^", field), readLines("/proc/self/status"), value = TRUE)
  1024 * as.numeric(gsub("[^0-9]", "", line))
}

peak <- function(family, file, n, kind) {
  cat("5", file = "/proc/self/clear_refs")
  idle <- memory("VmRSS")
  load(file, n, kind)
  fit(family)
  sprintf("%.0f", memory("VmHWM") - idle)
}

input <- file("stdin", "r")
while (length(line <- readLines(input, n = 1))) {
  words <- strsplit(line, " ")[[1]]
  cat(do.call(words[1], as.list(words[-1])), "\n", sep = "")
  flush(stdout())
}
