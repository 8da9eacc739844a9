# Reference fits in plain R of what survreg cannot do, left truncation and the generalised gamma:
#   Rscript tests/oracles/truncated.R   writes truncated.json
# From the root of the repository.
source("tests/oracles/likelihood.R")

FAMILIES <- c("lognormal", "loglogistic", "weibull", "gengamma")

fit_one <- function(family, d, covariates) {
  # fitted with standardised covariates, Z = X A, so that one step size suits all parameters
  X <- cbind(intercept = rep(1, nrow(d)), as.matrix(d[covariates]))
  A <- diag(ncol(X) + 1 + (family == "gengamma"))
  for (j in seq_along(covariates) + 1) {
    A[j, j] <- 1 / sd(X[, j])
    A[1, j] <- -mean(X[, j]) / sd(X[, j])
  }
  k <- seq_len(ncol(X))
  Z <- X %*% A[k, k]
  loss <- function(p) {
    value <- -sum(suppressWarnings(loglik_rows(p, family, d, Z)))
    if (is.finite(value)) value else 1e10
  }

  # more than one start, for the generalised gamma can have more than one optimum
  level <- log(median(d$lower[d$lower > 0]))
  starts <- if (family == "gengamma") c(-1.5, -0.5, 0.5, 1.5) else NA
  ends <- lapply(starts, function(Q) {
    p <- c(level, rep(0, ncol(X) - 1), 0, if (!is.na(Q)) Q)
    optim(p, loss, method = "BFGS", control = list(reltol = 1e-15, maxit = 1000))
  })
  values <- sapply(ends, `[[`, "value")
  p <- ends[[which.min(values)]]$par

  # optim stops where its own rough slopes do; Newton steps go on to the last digits
  h <- rep(1e-3, length(p))
  for (i in 1:4) {
    at <- curvature(p, family, d, Z, h)
    p <- p + drop(at$covariance %*% at$gradient)
    h <- 0.02 * sqrt(diag(at$covariance))
  }
  at <- curvature(p, family, d, Z, h)
  coarse <- curvature(p, family, d, Z, 2 * h)
  params <- drop(A %*% p)
  names(params) <- c(colnames(X), "log_scale", if (family == "gengamma") "shape")
  list(loglik = sum(loglik_rows(p, family, d, Z)), params = params, covariance = A %*% at$covariance %*% t(A),
       gradient = drop(solve(t(A), at$gradient)),
       alike = sprintf("%d of %d", sum(values < min(values) + 1e-6), length(values)),
       se_error = max(abs(sqrt(diag(coarse$covariance) / diag(at$covariance)) - 1)))
}

recorded <- function(family, data, d, covariates, truncated, command, ...) {
  if (!truncated) d$entry <- 0
  fit <- fit_one(family, d, covariates)
  result <- record(family, data, command, fit$loglik, fit$params, fit$covariance, fit$gradient,
                   truncated = truncated, ...)
  cat(sprintf("%-12s%-15s%d covariates  %-9s  loglik %.9f  newton_step %.0e  se %.0e  starts that agree: %s", family,
              data, length(covariates), if (truncated) "truncated" else "", fit$loglik, result$newton_step,
              fit$se_error, fit$alike),
      sprintf(" shape %.3f (%.3f)", fit$params["shape"], result$se["shape"])[family == "gengamma"], "\n")
  stopifnot(result$newton_step < 1e-9, fit$se_error < 1e-7)
  result
}

# what lifelines and SurPyval gave, from lifelines_gengamma.py; the numbers here do not depend on it
checks <- read.csv("tests/oracles/checked_with.csv")
cases <- rbind(
  expand.grid(family = FAMILIES[1:3], data = "truncated", covariates = c(TRUE, FALSE)),
  expand.grid(family = "gengamma", data = c("right", "interval", "mixed", "truncated"), covariates = c(TRUE, FALSE)))
records <- Map(function(family, data, covariates) {
  command <- paste("maximum of the weighted log-likelihood of likelihood.R,",
                   if (covariates) paste(COVARIATES, collapse = ", ") else "intercept only")
  notes <- checks$note[checks$family == family & checks$data == data & checks$covariates == covariates]
  recorded(family, data, read_data(data), if (covariates) COVARIATES, data == "truncated", command,
           checked_with = as.list(notes))
}, as.character(cases$family), as.character(cases$data), cases$covariates)
write_json(records, "tests/oracles/truncated.json", "Rscript tests/oracles/truncated.R")
