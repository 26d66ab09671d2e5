"""Pictures of letters and figures in some thirty faces, and the script that makes them. See README.md."""
