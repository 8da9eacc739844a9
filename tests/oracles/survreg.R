# Reference fits by survreg, without truncation: Rscript tests/oracles/survreg.R from the root of the repository.
library(survival)
source("tests/oracles/likelihood.R")

# survreg wants NA for an open end
open_ends <- function(d) {
  transform(d, lower = ifelse(lower == 0, NA, lower), upper = ifelse(is.finite(upper), upper, NA))
}
right <- open_ends(read_data("right"))
interval <- open_ends(read_data("interval"))
mixed <- open_ends(read_data("mixed"))

CALL <- paste('survreg(Surv(lower, upper, type = "interval2") ~ age + grade + x3, data = %s, weights = weight,',
              'dist = "%s", control = survreg.control(rel.tolerance = 1e-13, maxiter = 200)%s)')

fit_one <- function(data, family) {
  command <- sprintf(CALL, data, family, "")
  fit <- eval(parse(text = command))
  params <- c(coef(fit), log(fit$scale))
  names(params) <- c("intercept", COVARIATES, "log_scale")

  # survreg calls itself converged too easily: started again where it ended it must not move, and an independent
  # log-likelihood must agree and be flat there
  again <- eval(parse(text = sprintf(CALL, data, family, ", init = params")))
  d <- read_data(data)
  X <- cbind(1, as.matrix(d[COVARIATES]))
  own <- curvature(params, family, d, X, 0.02 * sqrt(diag(vcov(fit))))
  result <- record(family, data, command, fit$loglik[2], params, vcov(fit), own$gradient)
  difference <- c(moved = again$loglik[2] - fit$loglik[2],
                  loglik = fit$loglik[2] - sum(loglik_rows(params, family, d, X)),
                  se = max(abs(result$se / sqrt(diag(own$covariance)) - 1)), newton_step = result$newton_step)
  cat(sprintf("%-12s%-10s loglik %.9f   %s\n", family, data, result$loglik,
              paste(names(difference), sprintf("%.0e", difference), collapse = "  ")))
  stopifnot(abs(difference) < 1e-9)
  result
}

cases <- expand.grid(family = c("lognormal", "loglogistic", "weibull"), data = c("right", "interval", "mixed"))
records <- Map(fit_one, as.character(cases$data), as.character(cases$family))
write_json(records, "tests/oracles/survreg.json", "Rscript tests/oracles/survreg.R")
