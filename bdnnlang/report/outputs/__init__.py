"""What the block `report` asks for, as texts: a page, scores as JSON, drawings as SVG."""
