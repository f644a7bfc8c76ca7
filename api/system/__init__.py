"""How the system itself is: what runs, what lags, what is being made anew, and what somebody has to mend."""
