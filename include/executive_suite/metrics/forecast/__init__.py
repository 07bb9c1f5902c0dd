"""Cash ahead: the one base case, what levers change about it, and what came of earlier forecasts."""
