"""Check truncated.json against lifelines and SurPyval: python tests/oracles/lifelines_gengamma.py

Prints, and writes to checked_with.csv, how far each package lies from the R fit: in log-likelihood, and the largest
difference of a parameter in standard errors. truncated.R copies the file into the records, so run that once more.
Standard errors are left out: GeneralizedGammaRegressionFitter labels its own in the wrong order (shape first).
Made with lifelines 0.30.3 and surpyval 0.25.
"""

import csv
import json
import warnings
from pathlib import Path

import lifelines
import numpy as np
import pandas as pd
import surpyval

HERE = Path(__file__).parent
COVARIATES = ["age", "grade", "x3"]
TITLE = {"lognormal": "LogNormal", "loglogistic": "LogLogistic", "weibull": "Weibull", "gengamma": "GeneralizedGamma"}


def fit_lifelines(family, d, covariates):
    """Log-likelihood, parameters, and how it was fitted."""
    d = d.assign(lower=d.lower.clip(lower=1e-9), event=d.lower == d.upper)  # its gradient is NaN at a lower bound of 0
    tight = {"fit_options": {"ftol": 1e-14, "maxiter": 10_000}}
    if covariates:
        if family == "gengamma":
            fitter = lifelines.GeneralizedGammaRegressionFitter()
            kind = {"regressors": {"mu_": " + ".join(COVARIATES), "sigma_": "1", "lambda_": "1"}}
        else:
            fitter = getattr(lifelines, TITLE[family] + "AFTFitter")()
            kind = {"formula": " + ".join(COVARIATES), **tight}
        fitter.fit_interval_censoring(
            d, "lower", "upper", event_col="event", weights_col="weight", entry_col="entry", **kind
        )
        names = fitter._fitted_parameter_names
        if family == "gengamma":
            names = ["mu_", "sigma_", "lambda_"]
        location, scale, *shape = (fitter.params_[name] for name in names)
        params = [*location[["Intercept", *COVARIATES]], scale.iloc[0], *(s.iloc[0] for s in shape)]
        if family in ("weibull", "loglogistic"):
            params[-1] *= -1
    else:
        fitter = getattr(lifelines, TITLE[family] + "Fitter")()
        fitter.fit_interval_censoring(d.lower, d.upper, weights=d.weight, entry=d.entry, **tight)
        params = list(fitter.params_)
        if family == "lognormal":
            params[1] = np.log(params[1])
        elif family != "gengamma":
            params = [np.log(params[0]), -np.log(params[1])]
    return fitter.log_likelihood_, params, type(fitter).__name__


def fit_surpyval(family, d, covariates):
    """The same; SurPyval has no generalised gamma, and wants whole numbers for weights."""
    kind = np.select([d.lower == d.upper, np.isinf(d.upper)], [0, 1], 2)
    x = np.column_stack([d.lower, np.where(kind == 1, d.lower, d.upper)])
    entry = d.entry.to_numpy() - 1e-9  # it refuses a bound at the entry
    data = {"x": x, "c": kind, "n": d.weight.astype(int).to_numpy(), "tl": entry}
    if covariates:
        name = f"AFT({TITLE[family]})"
        fit = surpyval.AFT(getattr(surpyval, TITLE[family])).fit(Z=d[COVARIATES].to_numpy(), **data)
        slopes = [-b for b in fit.params[2:]]
    else:
        name = TITLE[family]
        fit, slopes = getattr(surpyval, name).fit(**data), []
    a, b = fit.params[:2]
    ends = [a, np.log(b)] if family == "lognormal" else [np.log(a), -np.log(b)]
    return -fit.neg_ll(), [ends[0], *slopes, ends[1]], name


def main():
    records = json.loads((HERE / "truncated.json").read_text())["records"]
    rows = []
    for record in records:
        d = pd.read_csv(HERE / f"{record['data']}.csv")
        covariates = "age" in record["params"]
        for package, fit in (("lifelines", fit_lifelines), ("surpyval", fit_surpyval)):
            if package == "surpyval" and record["family"] == "gengamma":
                continue
            try:
                loglik, params, name = fit(record["family"], d, covariates)
                expected, se = (np.array(list(record[key].values())) for key in ("params", "se"))
                apart = np.abs(params - expected) / se
                note = (
                    f"{package} {name}: log-likelihood within {max(abs(loglik - record['loglik']), 1e-12):.0e}, "
                    f"parameters within {apart.max():.0e} standard errors"
                )
            except Exception as error:  # whatever stops a package is what is to be noted
                note = f"{package}: {type(error).__name__} {str(error).strip()[:60]}"
            rows.append([record["family"], record["data"], str(covariates).upper(), note])
            print(*rows[-1], sep="  ")
    with (HERE / "checked_with.csv").open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([["family", "data", "covariates", "note"], *rows])


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # of lifelines, on the way to its fit
    main()
