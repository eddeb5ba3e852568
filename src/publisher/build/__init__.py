"""From a manifest to finished outputs: plan, ingest, assemble, write."""
