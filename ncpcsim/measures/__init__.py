"""What runs say: functions of arrays with a leading axis of runs."""
