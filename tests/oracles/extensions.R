# Reference fits of what fit_recovery has beyond the plain model: a scale for each stratum and clustered errors by
# survreg, right truncation in plain R. Rscript tests/oracles/extensions.R from the root, writes extensions.json
library(survival)
source("tests/oracles/likelihood.R")

FAMILIES <- c("lognormal", "loglogistic", "weibull")
CALL <- 'survreg(%s, dist = "%s", control = survreg.control(rel.tolerance = 1e-13, maxiter = 200))'
interval <- transform(read_data("interval"), upper = ifelse(is.finite(upper), upper, NA))
right <- transform(read_data("right"), ended = is.finite(upper), whole = floor(age))
# Clusters of rows that are exact or right-censored: of intervals the dfbeta of survival 3.5, of which its robust variance
# is made, do not add up to zero at the estimate (that of the scale, log-normal, to 1.07 standard errors).
WHAT <- c(strata = 'Surv(lower, upper, type = "interval2") ~ age + x3 + strata(grade), data = interval',
          cluster = "Surv(lower, ended) ~ age + x3 + cluster(whole), data = right")

by_survreg <- function(family, of) {
  command <- sprintf(CALL, WHAT[[of]], family)
  fit <- eval(parse(text = command))
  p <- c(coef(fit), log(fit$scale))
  A <- diag(length(p))
  names(p) <- c("intercept", "age", "x3", "log_scale", if (of == "strata") c("log_scale.grade2", "log_scale.grade3"))
  if (of == "strata") A[5:6, 4] <- -1  # each scale beside that of the first stratum
  p <- setNames(drop(A %*% p), names(p))
  se <- sqrt(diag(A %*% vcov(fit) %*% t(A)))
  list(family = family, of = of, command = command, loglik = fit$loglik[2], params = p, se = setNames(se, names(p)))
}

# Only injuries that had ended by day 90 are in the table: each row over the chance of that.
truncated_right <- function(family) {
  d <- subset(read_data("interval"), is.finite(upper) & upper <= 90)
  X <- cbind(1, age = as.numeric(scale(d$age)))
  rows <- function(p) loglik_rows(p, family, d, X) -
    log_prob(family, rep(90, nrow(d)), drop(X %*% p[1:2]), exp(p[3]), NA, "lower")
  p <- optim(c(3, 0, 0), function(p) -sum(rows(p)), method = "BFGS", control = list(reltol = 1e-15, maxit = 1000))$par
  h <- rep(1e-3, 3)
  gradient <- function(p) colSums(slopes(rows, p, h))
  for (i in 1:5) {
    H <- slopes(gradient, p, h)
    p <- p - solve(H, gradient(p))
  }
  A <- diag(3)
  A[1, 2] <- -mean(d$age) / sd(d$age)
  A[2, 2] <- 1 / sd(d$age)
  names <- c("intercept", "age", "log_scale")
  se <- sqrt(diag(A %*% solve(-(H + t(H)) / 2) %*% t(A)))
  stopifnot(abs(gradient(p)) < 1e-7)
  list(family = family, of = "exit", command = "maximum of likelihood.R less log F(90), rows that ended by day 90; age",
       loglik = sum(rows(p)), params = setNames(drop(A %*% p), names), se = setNames(se, names))
}

records <- c(Map(by_survreg, rep(FAMILIES, 2), rep(c("strata", "cluster"), each = 3)), lapply(FAMILIES, truncated_right))
write_json(records, "tests/oracles/extensions.json", "Rscript tests/oracles/extensions.R")
