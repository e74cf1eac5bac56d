"""Making an account: who may, and by what invitation."""
