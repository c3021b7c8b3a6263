"""Sample data and servers: the whole main job, without an account or a cloud."""
