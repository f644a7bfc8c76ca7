"""The detectors: each one reads footage and says where something moved."""
