# What survreg.R and truncated.R share: the log-likelihood in plain R, its derivatives, and a JSON writer.

COVARIATES <- c("age", "grade", "x3")

read_data <- function(name) read.csv(sprintf("tests/oracles/%s.csv", name))

# log S(t) (tail = "upper"), log F(t) ("lower") or log f(t) ("density") in days.
# Generalised gamma as in Prentice (1974): exp(Q e) / Q^2 is gamma distributed with shape 1 / Q^2, so f is a gamma
# density and its Jacobian; a negative Q swaps the tails. Weibull at Q = 1; tends to the log-normal as Q tends to 0.
log_prob <- function(family, t, mu, sigma, Q, tail) {
  up <- tail == "upper"
  a <- Q^-2
  g <- a * exp(Q * (log(t) - mu) / sigma)
  if (tail == "density") switch(family,
    lognormal = dlnorm(t, mu, sigma, log = TRUE),
    loglogistic = dlogis(log(t), mu, sigma, log = TRUE) - log(t),
    weibull = dweibull(t, 1 / sigma, exp(mu), log = TRUE),
    gengamma = dgamma(g, a, log = TRUE) + log(g) + log(abs(Q)) - log(sigma * t)
  ) else switch(family,
    lognormal = plnorm(t, mu, sigma, lower.tail = !up, log.p = TRUE),
    loglogistic = plogis(log(t), mu, sigma, lower.tail = !up, log.p = TRUE),
    weibull = pweibull(t, 1 / sigma, exp(mu), lower.tail = !up, log.p = TRUE),
    gengamma = pgamma(g, a, lower.tail = up == (Q < 0), log.p = TRUE)
  )
}

# The weighted log-likelihood of each row; p = coefficients, log(sigma) and, for the generalised gamma, Q.
loglik_rows <- function(p, family, d, X) {
  k <- ncol(X)
  mu <- drop(X %*% p[1:k])
  at <- function(t, tail, rows = TRUE) log_prob(family, t[rows], mu[rows], exp(p[k + 1]), p[k + 2], tail)
  log_minus <- function(x, y) x + log(-expm1(y - x))   # log(exp(x) - exp(y))
  s <- at(d$lower, "upper")
  # the smaller tail of the two keeps the digits of the difference
  ll <- ifelse(s > log(0.5), log_minus(at(d$upper, "lower"), at(d$lower, "lower")), log_minus(s, at(d$upper, "upper")))
  exact <- d$lower == d$upper
  ll[exact] <- at(d$lower, "density", exact)
  d$weight * (ll - at(d$entry, "upper"))
}

# Central differences of order 8 of a vector-valued function: a matrix with a column per parameter.
slopes <- function(f, p, h) {
  c8 <- c(4 / 5, -1 / 5, 4 / 105, -1 / 280)
  sapply(seq_along(p), function(j) {
    step <- replace(0 * p, j, h[j])
    Reduce(`+`, lapply(1:4, function(i) c8[i] * (f(p + i * step) - f(p - i * step)))) / h[j]
  })
}

# Gradient and covariance (inverse of minus the Hessian) of the log-likelihood at p, with steps of h.
# Differences are taken row by row and then summed: the rows are small, so their rounding errors are too.
curvature <- function(p, family, d, X, h) {
  gradient <- function(p) colSums(slopes(function(p) loglik_rows(p, family, d, X), p, h))
  H <- slopes(gradient, p, h)
  list(gradient = gradient(p), covariance = solve(-(H + t(H)) / 2))
}

# newton_step: how far from the optimum, in standard errors (the length of the Newton step that is left).
record <- function(family, data, command, loglik, params, covariance, gradient, ...) {
  se <- sqrt(diag(covariance))
  names(se) <- names(params)
  list(family = family, data = data, command = command, loglik = loglik, params = params, se = se,
       covariance = unname(covariance), newton_step = sqrt(drop(gradient %*% covariance %*% gradient)), ...)
}

to_json <- function(x, indent = "") {
  inner <- paste0(indent, " ")
  block <- function(items, open, close, sep) paste0(open, paste0(sep, items, collapse = ","), sub(" $", "", sep), close)
  if (is.matrix(x)) x <- lapply(seq_len(nrow(x)), function(i) x[i, ])
  if (is.list(x)) {
    items <- vapply(x, to_json, "", inner)
    if (is.null(names(x))) return(block(items, "[", "]", paste0("\n", inner)))
    return(block(sprintf('"%s": %s', names(x), items), "{", "}", paste0("\n", inner)))
  }
  # encodeString escapes quotes and backslashes; a number that is no number must not reach the file
  if (is.character(x)) items <- encodeString(x, quote = '"')
  else if (is.logical(x)) items <- tolower(x)
  else { stopifnot(is.finite(x)); items <- sprintf("%.17g", x) }
  if (!is.null(names(x))) paste0("{", paste0(sprintf('"%s": %s', names(x), items), collapse = ", "), "}")
  else if (length(x) == 1) items
  else paste0("[", paste0(items, collapse = ", "), "]")
}

write_json <- function(records, file, command) {
  versions <- c(R = as.character(getRversion()), survival = as.character(packageVersion("survival")))
  writeLines(to_json(list(made_by = command, versions = versions, records = unname(records))), file)
}
