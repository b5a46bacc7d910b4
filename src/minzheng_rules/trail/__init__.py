"""Why a decision came out as it did: the explanation as a graph, and its renderings."""
