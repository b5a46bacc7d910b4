"""Tables out: answers by household and member, whole files or none."""
