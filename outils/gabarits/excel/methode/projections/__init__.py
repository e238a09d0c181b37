"""Les scénarios comparés et le plan de financement."""
