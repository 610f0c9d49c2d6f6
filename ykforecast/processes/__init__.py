"""Population, labour, economy, enrolment, pension fund, education, ledgers: labelled arrays."""
