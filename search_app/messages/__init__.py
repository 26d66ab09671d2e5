"""What the interface says in each of its languages. The build compiles it, see compile.py."""
