"""The contract between the two services and every client: Pydantic and nothing else."""
