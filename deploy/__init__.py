"""Ways to run the suite: on one machine (local) and on Kubernetes (k8s)."""
