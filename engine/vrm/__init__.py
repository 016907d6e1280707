"""Deep-VRM: a multimodal language model with an artifact path injected in the middle."""
