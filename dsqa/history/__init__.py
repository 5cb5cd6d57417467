"""What a change of files brought: the state before is compared with the one now."""
